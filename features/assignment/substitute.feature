Feature: Somebody stands in for who is away
  On the days of the leave the substitute has the roles of the absent over the same units, and no day longer.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: the substitute acts for the absent, and the audit trail says so
    Scenario: The director is away
      Given the case has gone on until it is accepted
      And Du is away until Friday 19 April 2024, and Ou stands in
      When Ou names Ma as mediator
      Then Ma is asked to take the seat of the mediator
      And the audit trail says that Ou stood in for Du

    Scenario: Nobody stands in
      Given the case has gone on until it is accepted
      And Du is away until Friday 19 April 2024
      When Ou names Ma as mediator
      Then it is refused because it "is for Committee director"

    Scenario: The substitute is away too and has one of his own
      Given the case has gone on until it is accepted
      And Du is away until Friday 19 April 2024, and Ou stands in
      And Ou is away until Friday 19 April 2024, and Ouyang stands in
      When Ouyang names Ma as mediator
      Then the audit trail says that Ouyang stood in for Du

  Rule: it ends with the leave
    Scenario: The director is back
      Given the case has gone on until it is accepted
      And Du is away until Monday 15 April 2024, and Ou stands in
      And it is Tuesday 16 April 2024, 09:00
      When Ou names Ma as mediator
      Then it is refused because it "is for Committee director"

  Rule: where somebody is away his substitute is asked in his place
    Scenario: The auxiliary of the next village stands in
      Given Wang is away until Friday 19 April 2024, and Wu stands in
      When Ding lets the engine choose the handler
      Then Wu holds the seat of the handler
      And the answer says why Wang was left out
