Feature: What was decided while somebody was out of reach stays as it was decided
  Ou had no signal and mediated at ten. At two the case went to another. What he enters in the evening is kept, and
  changes nothing about who was given the case, by whom and why.

  Background:
    Given it is Monday 15 April 2024, 08:00
    And Ou has a penalty case between Asha and Bram in its first mediation
    And it has become Monday 15 April 2024, 14:00
    And Ding has given it to Ouyang, because "Ou cannot be reached"
    And it has become Monday 15 April 2024, 20:00

  Rule: a late entry does not take the case back
    Scenario: The head lets the mediation of ten o'clock in
      Given Ou has asked the head to let in the mediation of Monday 15 April 2024, 10:00
      When Chen grants the request
      Then Ouyang holds the seat of the handler
      And the explanation says that Ding named Ouyang at 14:00
      And nobody was picked after Ouyang

    Scenario: Before the head has said anything
      When Ou asks the head to let in the mediation of Monday 15 April 2024, 10:00
      Then Ouyang holds the seat of the handler
      And the case is "First mediation"

  Rule: whoever lost the case has room again from then on
    Scenario: Ou is back
      When Ding lets the engine choose the handler of a red dispute of the village
      Then Ou was weighed with work of 0 in hand
      And Ouyang was weighed with work of 2 in hand
