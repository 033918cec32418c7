Feature: Who may mediate
  Authority comes from an appointment and counts from its first day. The committee names the mediator or the
  parties choose one together, and nobody mediates who has not accepted.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: mediator - only an appointed people's mediator who holds the seat mediates
    Scenario: A village auxiliary without the appointment
      Given Asha's dispute with Bram is in Ma's hands
      When Wang opens a session
      Then it is refused because it "is for Mediator"
      And the refusal says that he is "Village auxiliary"

    Scenario: He cannot be named before his appointment begins
      Given Wang is appointed people's mediator from Wednesday 17 April 2024
      And Asha's dispute with Bram is accepted
      When Du names Wang as mediator
      Then it is refused because "aux-07 cannot hold the seat"

    Scenario: From the day of his appointment it works
      Given Wang is appointed people's mediator from Wednesday 17 April 2024
      And it is Wednesday 17 April 2024, 08:30
      And Asha's dispute with Bram is accepted
      And Du has named Wang, who has accepted
      When Wang opens a session
      Then the case is "In session"

  Rule: mediator_ready - one to three mediators, each accepts before the case is in their hands
    Scenario: The second of two has not answered yet
      Given Asha's dispute with Bram is accepted
      And Du has named Ma and Meng
      When Ma accepts the seat
      Then the case is "Accepted"

    Scenario: Both have accepted
      Given Asha's dispute with Bram is accepted
      And Du has named Ma and Meng
      And Ma has accepted the seat
      When Meng accepts the seat
      Then the case is "Mediator named"

  Rule: object - a party may object to a mediator, who leaves the case
    Scenario: Bram objects to Ma
      Given Asha's dispute with Bram is in Ma's hands
      When Bram objects to Ma
      Then the case is "Accepted"
      And nobody holds the seat of the mediator
      And the audit trail gives "PML art. 23" as the basis of "Object to a mediator"

  Rule: joint_choice - the parties choose a mediator together
    Scenario: One party alone
      Given Asha's dispute with Bram is accepted
      And Asha wants Meng as mediator
      When Asha chooses Meng
      Then it is refused under "joint_choice"

    Scenario: Both want the same
      Given Asha's dispute with Bram is accepted
      And Asha wants Meng as mediator
      And Bram wants Meng as mediator
      When Asha chooses Meng
      Then Meng is asked to take the seat of the mediator
