Feature: Nobody is assigned in silence
  The engine proposes the nearest and least loaded, never somebody who is away, and says so when nobody is left.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: the village's own comes first
    Scenario: The auxiliary of the village
      When Ding lets the engine choose the handler
      Then Wang holds the seat of the handler
      And the answer says who else was considered

  Rule: whoever is away is left out, with the reason
    Scenario: The auxiliary is on leave
      Given Wang is away until Friday 19 April 2024
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the answer says why Wang was left out

    Scenario: Naming somebody who is away
      Given Wang is away until Friday 19 April 2024
      When Ding gives it to Wang
      Then it is refused because "aux-07 cannot hold the seat"

  Rule: an empty pool leaves the case unassigned, and says why
    Scenario: Everybody is away
      Given everybody who could handle it is away until Friday 19 April 2024
      When Ding lets the engine choose the handler
      Then it is refused because "Nobody can take it"
      And nobody holds the seat of the handler

  Rule: assign - when nobody names a mediator the engine proposes one
    Scenario: Four hours before the day is over
      Given the case has gone on until it is accepted
      When it becomes Tuesday 16 April 2024, 20:00
      Then a mediator is asked to take the seat
      And the audit trail names the engine as the one who did "Have a mediator proposed"

    Scenario: All mediators are away
      Given Ma is away until Friday 19 April 2024
      And Meng is away until Friday 19 April 2024
      And the case has gone on until it is accepted
      When it becomes Tuesday 16 April 2024, 20:00
      Then nobody holds the seat of the mediator
      And the audit trail says that nobody was found for the mediator
